// Package assets embeds fonts and icons, and nothing else.
package assets

import "embed"

// Icons are drawn on a 16 px grid in white, to be coloured; verdict marks on a
// 20 px grid in their own colours, for each theme.
//
//go:embed icons/*.svg
var Icons embed.FS

// The fonts are Noto Sans and Noto Sans Mono (SIL Open Font License 1.1, see
// fonts/OFL.txt), whose figures are all of one width.
var (
	//go:embed fonts/NotoSans-Regular.ttf
	Regular []byte
	//go:embed fonts/NotoSans-SemiBold.ttf
	SemiBold []byte
	//go:embed fonts/NotoSansMono-Regular.ttf
	Mono []byte
	//go:embed vedette.svg
	Logo []byte
)
