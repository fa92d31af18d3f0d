package statuspage

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
)

//go:embed assets templates
var files embed.FS

// mustAsset returns an embedded file, which exists.
func mustAsset(name string) string {
	text, err := files.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// asset is a file that pages refer to. Its name has a hash of its text, so a
// browser may keep it forever.
type asset struct {
	name string
	kind string
	text string
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

// assets are the files by the names of their sources, such as "page.css".
var assets = loadAssets("page.css", "sheet.css", "wall.css", "live.js", "frozen.svg", "caution.svg", "nodata.svg", "early.svg", "healthy.svg", "stale.svg")

func loadAssets(names ...string) map[string]asset {
	loaded := make(map[string]asset, len(names))
	for _, name := range names {
		text := compact(mustAsset(name))
		hash := sha256.Sum256([]byte(text))
		ext := path.Ext(name)
		loaded[name] = asset{
			name: strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(hash[:6]) + ext,
			kind: contentTypes[ext],
			text: text,
		}
	}
	return loaded
}

// compact returns a text without its indentation, its empty lines and the lines
// that are comments. It joins a line to the next one if its last character
// separates them.
func compact(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/*") && strings.HasSuffix(line, "*/") {
			continue
		}
		b.WriteString(line)
		if !strings.Contains(";{},>", line[len(line)-1:]) || strings.Contains(line, " // ") {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// assetAt returns the asset with a hashed name.
func assetAt(name string) (asset, bool) {
	for _, a := range assets {
		if a.name == name {
			return a, true
		}
	}
	return asset{}, false
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	write(w, r, http.StatusOK, []byte(a.text))
}
