package session

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestACatalogueIsReadWithWhatWasAssumed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "harbour.csv")
	text := "Partner;Map;File;Type;ID_Camera;Name;Link;GPS_Pos;HV_Pos;Angle;Icon\nMetro;City;;Camera;1;Gate;;POINT(48;2);;;\nbroken\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := OpenCatalogue(context.Background(), path)
	if err != nil || len(c.Cameras) != 1 || c.Summary() != "1 of 2 rows read, 1 warning" {
		t.Errorf("error %v, catalogue %+v", err, c)
	}
}

func TestAFileThatIsNoCatalogueSaysWhy(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(path, []byte(strings.Repeat("a,b,c,d,e,f,g,h,i,j,k,l\n", 20)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCatalogue(context.Background(), path); err == nil || !strings.Contains(err.Error(), "semicolons") {
		t.Errorf("error %v", err)
	}
	if _, err := OpenCatalogue(context.Background(), dir); err == nil {
		t.Error("a folder was read")
	}
	if _, err := OpenCatalogue(context.Background(), filepath.Join(dir, "none.csv")); err == nil {
		t.Error("a file that is not there was read")
	}
}
