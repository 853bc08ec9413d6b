package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vedette/assets"
)

// Theme is the toolkit's theme made of a palette.
type Theme struct{ P *Palette }

var (
	regular  = fyne.NewStaticResource("NotoSans-Regular.ttf", assets.Regular)
	semiBold = fyne.NewStaticResource("NotoSans-SemiBold.ttf", assets.SemiBold)
	mono     = fyne.NewStaticResource("NotoSansMono-Regular.ttf", assets.Mono)
)

// Sizes of text.
const (
	SizePanel   = 24
	SizeTitle   = 20
	SizeStrip   = 17
	SizeClock   = 16
	SizeCard    = 15
	SizeBase    = 13
	SizeSecond  = 12
	SizeCode    = 11
	Radius      = 4
	Pad         = 4
	RowPad      = 12
	PanelPad    = 16
	HeightField = 32
)

// Color implements fyne.Theme.
func (t *Theme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	p := t.P
	switch n {
	case theme.ColorNameBackground, theme.ColorNameHeaderBackground:
		return p.Panel
	case theme.ColorNameForeground:
		return p.Text
	case theme.ColorNameDisabled, theme.ColorNamePlaceHolder:
		return p.Text3
	case theme.ColorNamePrimary, theme.ColorNameFocus, theme.ColorNameHyperlink, theme.ColorNameSuccess:
		return p.Accent
	case theme.ColorNameForegroundOnPrimary:
		return p.OnFill
	case theme.ColorNameButton, theme.ColorNameInputBackground, theme.ColorNameDisabledButton:
		return p.Raised
	case theme.ColorNameHover, theme.ColorNamePressed:
		return p.Hover
	case theme.ColorNameSelection:
		return p.Select
	case theme.ColorNameSeparator, theme.ColorNameInputBorder:
		return p.Line
	case theme.ColorNameScrollBar:
		return p.Control
	case theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground:
		return p.Raised
	case theme.ColorNameError:
		return p.Broken
	case theme.ColorNameWarning:
		return p.Untrusted
	case theme.ColorNameShadow:
		return color.Transparent
	}
	variant := theme.VariantDark
	if p.Light {
		variant = theme.VariantLight
	}
	return theme.DefaultTheme().Color(n, variant)
}

// Font implements fyne.Theme.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Monospace:
		return mono
	case s.Bold:
		return semiBold
	case s.Symbol:
		return theme.DefaultTheme().Font(s)
	}
	return regular
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size implements fyne.Theme.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return SizeBase
	case theme.SizeNamePadding:
		return Pad
	case theme.SizeNameInnerPadding:
		return 8
	case theme.SizeNameScrollBar, theme.SizeNameScrollBarSmall:
		return 4
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return Radius
	case theme.SizeNameSeparatorThickness:
		return 1
	case theme.SizeNameHeadingText:
		return SizeTitle
	case theme.SizeNameSubHeadingText:
		return SizeCard
	case theme.SizeNameCaptionText:
		return SizeCode
	}
	return theme.DefaultTheme().Size(n)
}
