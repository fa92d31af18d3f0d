package slilog

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// A world is a log that a program writes and rotates, and a reader of it that
// crashes.
type world struct {
	t    *testing.T
	rand *rand.Rand
	path string

	out, before *os.File // the program's file, and the one that it had before
	cri         bool     // the lines are in the envelope of CRI, some in parts
	owed        string   // the rest of the last line
	written     int      // lines

	reader   *Reader
	follower *Follower
	counted  []string // operations, in the order of their events
	saved    []byte   // the JSON of the last position that the reader saved
	kept     int      // the length of counted then
}

func newWorld(t *testing.T, rng *rand.Rand, cri bool) *world {
	recorder, err := sli.NewRecorder(sli.Indicator{
		Name: "availability", Service: "users", Kind: sli.KindAvailability,
		Collection: sli.Collection{Where: "server", How: sli.SourceLog, Field: "the status field"},
		Good:       sli.Condition{Status: []string{"2xx"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	reader, err := New(recorder, &Options{Operation: "op"})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, rand: rng, path: filepath.Join(t.TempDir(), "access.log"), cri: cri, reader: reader, saved: []byte("{}")}
	w.reopen()
	w.start(nil)
	w.poll()
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// reopen opens the log as a program does after a rotation.
func (w *world) reopen() {
	file, err := os.OpenFile(w.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	w.must(err)
	w.before, w.out = w.out, file
}

// line returns a new line in one or more writes.
func (w *world) line() []string {
	w.written++
	// As in real logs, both ends of a line differ from other lines.
	text := fmt.Sprintf(`{"op":"%d","response_code":200,"execution_time_ms":1,"pad":"%0*d"}`, w.written, w.rand.IntN(300), w.written)
	if !w.cri {
		cut := 12 + w.rand.IntN(len(text)-12)
		return []string{text[:cut], text[cut:] + "\n"}
	}
	stream := []string{stdout, stderr}[w.rand.IntN(2)]
	stamp := "2016-10-06T00:17:09." + strconv.Itoa(w.written) + "Z " + stream
	if w.rand.IntN(3) > 0 {
		return []string{stamp + " F " + text + "\n"}
	}
	cut := w.rand.IntN(len(text))
	return []string{stamp + " P " + text[:cut] + "\n", stamp + " F " + text[cut:] + "\n"}
}

// write writes lines, the last perhaps in part.
func (w *world) write(lines int, finish bool) {
	w.send(w.out, w.owed)
	w.owed = ""
	for range lines {
		parts := w.line()
		if last := len(parts) - 1; !finish && w.rand.IntN(3) == 0 && last > 0 {
			w.send(w.out, parts[0])
			w.owed = parts[last]
			return
		}
		for _, part := range parts {
			w.send(w.out, part)
		}
	}
}

func (w *world) send(out io.Writer, text string) {
	_, err := io.WriteString(out, text)
	w.must(err)
}

// late writes a line to the file before, as a process does that has not
// reopened the log yet. The envelope of CRI comes from one process.
func (w *world) late() {
	if w.before == nil || w.cri || w.owed != "" {
		return
	}
	if info, err := w.before.Stat(); err != nil || info.Size() < 64 {
		return
	}
	for _, part := range w.line() {
		w.send(w.before, part)
	}
}

// forget closes the file before: every process has reopened the log.
func (w *world) forget() {
	if w.before != nil {
		w.before.Close()
		w.before = nil
	}
}

// shift renames the rotated files: access.log.1 becomes access.log.2.
func (w *world) shift() {
	w.forget()
	for i := 40; i >= 1; i-- {
		from, to := fmt.Sprintf("%s.%d", w.path, i), fmt.Sprintf("%s.%d", w.path, i+1)
		if err := os.Rename(from, to); err != nil && !os.IsNotExist(err) {
			w.t.Fatal(err)
		}
	}
}

// rotate renames the log, perhaps with a poll before the program reopens it. A
// program that buffers ends its line in the old file.
func (w *world) rotate(alive bool) {
	w.shift()
	w.must(os.Rename(w.path, w.path+".1"))
	switch w.rand.IntN(3) {
	case 0:
		if alive {
			w.poll()
		}
	case 1:
		w.write(w.rand.IntN(3), true)
	}
	if !w.cri && w.owed != "" {
		w.write(0, true)
	}
	w.reopen()
}

// copyTruncate copies the log and truncates it, perhaps within a line, and
// perhaps with a poll between the two.
func (w *world) copyTruncate(alive bool) {
	w.shift()
	text, err := os.ReadFile(w.path)
	w.must(err)
	w.must(os.WriteFile(w.path+".1", text, 0o600))
	if alive && w.rand.IntN(4) == 0 {
		w.poll()
	}
	w.must(os.Truncate(w.path, 0))
}

// truncate empties the log. Bytes that no poll saw would be lost for ever.
func (w *world) truncate() {
	w.write(0, true)
	w.poll()
	w.must(os.Truncate(w.path, 0))
}

// remove removes old files that are read to their ends, which excludes the
// beginning of a line.
func (w *world) remove() {
	w.poll()
	if w.owed != "" {
		return // the beginning of the last line may be in an old copy
	}
	for i := 5; i <= 42; i++ {
		os.Remove(fmt.Sprintf("%s.%d", w.path, i))
	}
}

func (w *world) start(options *FollowerOptions) {
	var err error
	w.follower, err = NewFollower(w.reader, w.path, FormatJSON, options)
	w.must(err)
	w.follower.scan.record = func(e sli.Event) { w.counted = append(w.counted, e.Operation) }
}

// poll reads, and saves the position and the counts in one step.
func (w *world) poll() {
	for more := true; more; {
		var err error
		more, err = w.follower.Poll()
		w.must(err)
	}
	var err error
	w.saved, err = json.Marshal(w.follower.Position())
	w.must(err)
	w.kept = len(w.counted)
}

// crash ends the reader, perhaps after a poll that it did not save, and starts
// it anew.
func (w *world) crash() {
	if w.rand.IntN(2) == 0 {
		_, err := w.follower.Poll()
		w.must(err)
	}
	w.must(w.follower.Close())
	w.counted = w.counted[:w.kept]
	var position Position
	w.must(json.Unmarshal(w.saved, &position))
	if w.rand.IntN(2) == 0 {
		w.step()
	}
	w.start(&FollowerOptions{Position: position})
}

// step changes the log once, while no reader lives.
func (w *world) step() {
	switch w.rand.IntN(5) {
	case 0, 1:
		w.write(w.rand.IntN(20), false)
	case 2:
		w.copyTruncate(false)
	case 3:
		w.rotate(false)
	case 4:
		w.late()
	}
}

// check compares the events with the lines.
func (w *world) check(history string) {
	w.t.Helper()
	counts := make(map[string]int)
	for _, operation := range w.counted {
		counts[operation]++
	}
	for i := 1; i <= w.written; i++ {
		if n := counts[strconv.Itoa(i)]; n != 1 {
			w.t.Fatalf("line %d of %d is counted %d times after %s", i, w.written, n, history)
		}
	}
	if len(counts) != w.written {
		w.t.Fatalf("%d different lines are counted, want %d", len(counts), w.written)
	}
}

// TestFollowerCountsEveryLineOnce rotates, truncates, copies and truncates a
// log while readers of it crash, and checks that every line is counted once.
func TestFollowerCountsEveryLineOnce(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("SLILOG_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("SLILOG_SEED=%d", seed)
	for _, cri := range []bool{false, true} {
		t.Run(fmt.Sprintf("cri=%t", cri), func(t *testing.T) {
			w := newWorld(t, rand.New(rand.NewPCG(seed, 0)), cri)
			steps := []struct {
				name string
				do   func()
			}{
				{"write", func() { w.write(w.rand.IntN(30), false) }},
				{"rotate", func() { w.rotate(true) }},
				{"copyTruncate", func() { w.copyTruncate(true) }},
				{"truncate", w.truncate},
				{"late", w.late},
				{"crash", w.crash},
				{"poll", w.poll},
				{"remove", w.remove},
			}
			var history []string
			for range 1500 {
				step := steps[w.rand.IntN(len(steps))]
				history = append(history, step.name)
				step.do()
				if len(history)%10 == 0 {
					w.write(0, true)
					w.poll()
					w.check(fmt.Sprint(history[max(0, len(history)-25):]))
				}
			}
			result := w.follower.Result()
			if result.Unreadable > 0 {
				t.Errorf("got %v, want no unreadable line", result)
			}
		})
	}
}
