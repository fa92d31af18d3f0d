package browser_test

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write README's picture of the page")

const (
	readmePicture = "../../docs/page.png"
	maxPicture    = 150_000 // bytes
)

// TestReadmePicture takes README's picture of the page. With -update it
// replaces the file.
func TestReadmePicture(t *testing.T) {
	t.Parallel()
	url := serve(t, newShop(t, shopPromises...), shopOptions())
	b := newTab(t, desktop)
	b.open(url)
	b.until(`text('#pulse') === 'Live'`)
	data := small(t, b.picture("readme"))
	if len(data) > maxPicture {
		t.Errorf("the picture has %d bytes, want at most %d", len(data), maxPicture)
	}
	if *update {
		if err := os.WriteFile(readmePicture, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(readmePicture)
	if err != nil {
		t.Fatal(err)
	}
	if config, err := png.DecodeConfig(bytes.NewReader(kept)); err != nil || config.Width != int(desktop.width) || len(kept) > maxPicture {
		t.Errorf("%s: %d bytes, %d pixels wide, %v", readmePicture, len(kept), config.Width, err)
	}
}

// small encodes a picture with its 256 most frequent colors, since text and
// lines have few others.
func small(t *testing.T, data []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bounds := full.Bounds()
	count := map[color.Color]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[full.At(x, y)]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return cmp.Compare(count[b], count[a]) })
	palette := color.Palette(colors[:min(256, len(colors))])
	nearest := make(map[color.Color]uint8, len(colors))
	for _, c := range colors {
		nearest[c] = uint8(palette.Index(c))
	}
	reduced := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			reduced.SetColorIndex(x, y, nearest[full.At(x, y)])
		}
	}
	var encoded bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&encoded, reduced); err != nil {
		t.Fatal(err)
	}
	return encoded.Bytes()
}
