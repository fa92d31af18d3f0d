package statuspage

import (
	"html/template"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget/status"
)

// Pictures are SVG. Positions are attributes and looks are classes, because the
// security policy of the page allows no inline style. Floating-point numbers
// place marks only; no figure comes from them.

// gauge shows the budget that is left, on one axis for all objectives: from
// -15 to 100 %, with zero at 30 of 230 units.
type gauge struct {
	Track string // class of the frame, empty for a window that is known
	Fill  string // width of the bar, empty without one
	OverX string // left end of the overspent part, empty without one
	Over  string // its width
	Tick  string // place of the first stricter step, empty without data
}

const (
	gaugeZero  = 30.0
	gaugeWidth = 199.0
	gaugeOver  = 0.15 // of the budget, drawn to the left of zero
)

func (s standing) gauge() gauge {
	if s.left == nil {
		return gauge{Track: "none"}
	}
	g := gauge{Tick: coordinate(gaugeZero + gaugeWidth*s.cautionLine())}
	if s.isPartial() {
		g.Track = "part"
	}
	left, _ := s.left.Float64()
	if left >= 0 {
		g.Fill = coordinate(gaugeWidth * min(left, 1))
		return g
	}
	over := min(-left, gaugeOver) * gaugeWidth
	g.OverX, g.Over = coordinate(gaugeZero-over), coordinate(over)
	return g
}

// cautionLine returns the share of the budget that is left where the first
// stricter step begins.
func (s standing) cautionLine() float64 {
	if len(s.policy.Steps) < 2 {
		return 0
	}
	from, _ := s.policy.Steps[1].From.Rat().Float64()
	return 1 - from
}

// spark is the course of the budget over the window, as a small picture in
// half pixels, whose width the style sheet sets. Unknown time is hatched, never
// a line.
type spark struct {
	Label          string
	Box            int    // height
	Zero, Caution  string // heights of the lines
	Unknown        string // width of the hatched part, empty without one
	HatchHeight    string
	Path           string // the curve, empty without one
	EndX, EndY     string // the present, empty without data
	lowest, margin float64
}

const (
	sparkWidth  = 224
	sparkEnd    = sparkWidth - 6 // the present
	sparkLowest = -0.25          // of the budget
	sparkPoints = 40
)

func newSpark(height int, caution float64) spark {
	p := spark{Box: 2 * height, lowest: sparkLowest, margin: 4}
	p.Zero, p.Caution = whole(p.y(0)), whole(p.y(caution))
	p.HatchHeight = whole(float64(p.Box) - 2*p.margin)
	return p
}

// y returns the height of a share of the budget.
func (p spark) y(left float64) float64 {
	low, high := float64(p.Box)-p.margin, p.margin
	return low - (min(max(left, p.lowest), 1)-p.lowest)/(1-p.lowest)*(low-high)
}

// trace draws the history up to the present.
func (p *spark) trace(history []status.Point, left *big.Rat, begin, now time.Time) {
	if left == nil {
		p.Unknown = whole(sparkWidth)
		return
	}
	present, _ := left.Float64()
	p.EndX, p.EndY = whole(sparkEnd), whole(p.y(present))
	length := now.Sub(begin)
	var line pathWriter
	known := float64(sparkEnd)
	for _, at := range thin(history, sparkPoints) {
		if at.At.Before(begin) || at.At.After(now) {
			continue
		}
		share := leftAt(at)
		if share == nil {
			line.lift()
			continue
		}
		x := float64(at.At.Sub(begin)) / float64(length) * sparkEnd
		known = min(known, x)
		height, _ := share.Float64()
		line.point(x, p.y(height))
	}
	line.point(sparkEnd, p.y(present))
	p.Path = line.String()
	if known > sparkWidth/20 {
		p.Unknown = whole(known)
	}
}

// thin returns at most n of all, evenly chosen, the last one included.
func thin[T any](all []T, n int) []T {
	if len(all) <= n {
		return all
	}
	chosen := make([]T, n)
	for i := range chosen {
		chosen[i] = all[(i+1)*len(all)/n-1]
	}
	return chosen
}

// pathWriter writes a line of whole units. It leaves out points in the middle
// of a level part, which most budgets have.
type pathWriter struct {
	b       strings.Builder
	x, y    int // of the last point written
	levelTo int // x of the last point at the height y
	drawing bool
}

// lift ends the line, so that the next point begins another.
func (w *pathWriter) lift() {
	w.flush()
	w.drawing = false
}

func (w *pathWriter) point(fx, fy float64) {
	x, y := round(fx), round(fy)
	if !w.drawing {
		w.b.WriteString("M" + strconv.Itoa(x) + " " + strconv.Itoa(y))
		w.x, w.y, w.levelTo, w.drawing = x, y, x, true
		return
	}
	if y == w.y {
		w.levelTo = x
		return
	}
	w.flush()
	w.b.WriteString("l" + strconv.Itoa(x-w.x))
	if y >= w.y {
		w.b.WriteByte(' ')
	}
	w.b.WriteString(strconv.Itoa(y - w.y))
	w.x, w.y, w.levelTo = x, y, x
}

// flush writes the level part.
func (w *pathWriter) flush() {
	if w.drawing && w.levelTo > w.x {
		w.b.WriteString("h" + strconv.Itoa(w.levelTo-w.x))
		w.x = w.levelTo
	}
}

func (w *pathWriter) String() string {
	w.flush()
	return w.b.String()
}

// coordinate returns a coordinate with one decimal at most.
func coordinate(x float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
}

func whole(x float64) string { return strconv.Itoa(round(x)) }

func round(x float64) int {
	if x < 0 {
		return -round(-x)
	}
	return int(x + 0.5)
}

// symbols are the pictures of the states and the patterns of fills.
var symbols = template.HTML(compact(mustAsset("symbols.svg"))) //nolint:gosec // embedded
