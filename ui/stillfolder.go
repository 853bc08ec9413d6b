package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// picturesFolder is the user's folder for pictures, else the home folder.
func picturesFolder() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("the home folder is not known; choose a folder with Alt+S: %w", err)
	}
	for _, dir := range []string{userDir(home), filepath.Join(home, "Pictures")} {
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			return dir, nil
		}
	}
	return home, nil
}

// userDir is the folder for pictures that the desktop names (xdg-user-dirs), ""
// where it names none.
func userDir(home string) string {
	config := os.Getenv("XDG_CONFIG_HOME")
	if config == "" {
		config = filepath.Join(home, ".config")
	}
	data, err := os.ReadFile(filepath.Join(config, "user-dirs.dirs")) //nolint:gosec // a known file of the user
	if err != nil || len(data) > 64<<10 {
		return ""
	}
	for _, line := range strings.Split(string(data), "\n") {
		value, ok := strings.CutPrefix(strings.TrimSpace(line), "XDG_PICTURES_DIR=")
		if !ok {
			continue
		}
		value = strings.Trim(value, `"`)
		if rest, ok := strings.CutPrefix(value, "$HOME"); ok {
			return filepath.Join(home, rest)
		}
		if filepath.IsAbs(value) {
			return value
		}
	}
	return ""
}
