package annexa

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strings"
)

// FileRef is where the image of a plan is said to be. Nothing was fetched.
type FileRef struct {
	Text     string // as it stands in the file
	URL      string // absolute address, "" if there is none
	Path     string // below the folder of the file, "" if there is none; it goes before URL where the file is there
	Host     string // whom a fetch would ask
	Insecure bool   // http: needs consent for this host
	Assumed  bool   // the text names no scheme
}

// maxAddress bounds an address, also in its escaped form.
const maxAddress = 2048

// imageEndings tell a file name from the name of a host.
var imageEndings = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".svg": true, ".pdf": true, ".gif": true, ".bmp": true, ".tif": true, ".tiff": true, ".webp": true}

// fileRef judges the text of the column File. code is "" if it can be used.
func fileRef(text string) (f FileRef, code, message string) {
	f.Text = text
	if strings.HasPrefix(text, `\\`) || strings.HasPrefix(text, "//") {
		return f, "FILE-PATH", "an address of a network share is not followed"
	}
	if len(text) > maxAddress {
		return f, "FILE-PATH", fmt.Sprintf("the address is longer than %d bytes", maxAddress)
	}
	scheme, rest, has := strings.Cut(text, "://")
	switch {
	case has && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http")):
		return absolute(f, strings.ToLower(scheme), rest)
	case has:
		return f, "FILE-SCHEME", fmt.Sprintf("addresses of %s are not followed; https is", quote(scheme))
	}
	if head, tail, ok := strings.Cut(text, ":"); ok && !strings.ContainsAny(head, `/\.`) && !startsPort(tail) {
		if len(head) == 1 {
			return f, "FILE-PATH", "a path from the root of a disk is not followed"
		}
		return f, "FILE-SCHEME", fmt.Sprintf("addresses of %s are not followed; https is", quote(head))
	}
	f.Assumed = true
	if f.Path, code, message = below(text); code != "" {
		return f, code, message
	}
	if first, tail, deep := strings.Cut(strings.ReplaceAll(text, `\`, "/"), "/"); isHost(first, deep) {
		g, code, message := absolute(f, "https", first+"/"+tail)
		if code != "" {
			return g, code, message
		}
		return g, "", ""
	}
	if strings.Contains(f.Path, ":") {
		return f, "FILE-PATH", "a path with a colon is not followed"
	}
	return f, "", ""
}

func absolute(f FileRef, scheme, rest string) (FileRef, string, string) {
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil || u.Hostname() == "" {
		return f, "FILE-PATH", "the address cannot be read"
	}
	if u.User != nil {
		f.Text = scheme + "://…@" + u.Host + u.EscapedPath()
		return f, "FILE-CREDS", "the address holds a user or password; such secrets belong in the partner's credentials"
	}
	f.URL, f.Host, f.Insecure = u.String(), u.Host, scheme == "http"
	if len(f.URL) > maxAddress {
		return f, "FILE-PATH", fmt.Sprintf("the address is longer than %d bytes", maxAddress)
	}
	return f, "", ""
}

// below brings a path into the form of one below the file's own folder.
func below(text string) (p, code, message string) {
	p = strings.ReplaceAll(text, `\`, "/")
	if strings.HasPrefix(p, "/") {
		return "", "FILE-PATH", "a path from the root of a disk is not followed"
	}
	for before := ""; p != before; { // a blank before a slash would be left at the end
		before = p
		p = strings.TrimFunc(path.Clean(p), blank)
	}
	if strings.Trim(p, ".…") == "" || strings.HasPrefix(p, "../") {
		return "", "FILE-PATH", "a path out of the folder of the file is not followed"
	}
	return p, "", ""
}

// startsPort tells host:8080/plan.png from scheme:rest.
func startsPort(tail string) bool {
	port, _, deep := strings.Cut(tail, "/")
	return deep && isDigits(port)
}

// isHost tells whether the first part of a path is rather the name of a host.
func isHost(first string, deep bool) bool {
	name, port, hasPort := strings.Cut(first, ":")
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	if strings.EqualFold(name, "localhost") || hasPort && isDigits(port) {
		return true
	}
	return deep && strings.Contains(name, ".") && !strings.HasPrefix(name, ".") && !imageEndings[strings.ToLower(path.Ext(name))]
}
