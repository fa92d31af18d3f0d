package slilog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

// object is a line of JSON that both indicators count as good.
const object = `{"response_code":200,"execution_time_ms":90,"method":"GET","route":"/users/{userid}"}`

// access is a line of the combined format that both indicators count as good.
const access = `10.0.0.1 - - [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 "-" "curl/8" 0.050`

// quoted is the object as the text of a JSON string.
var quoted = strings.ReplaceAll(object, `"`, `\"`)

// TestEnvelopes reads one event in each envelope.
func TestEnvelopes(t *testing.T) {
	half := len(object) / 2
	docker := func(text string) string {
		return `{"log":"` + text + `","stream":"stdout","time":"2016-10-06T00:17:09.669794202Z"}` + "\n"
	}
	const cri = "2016-10-06T00:17:09.669794202Z stdout "
	for name, line := range map[string]string{
		"none":                      "%s\n",
		"carriage return":           "%s\r\n",
		"byte order mark":           "\xef\xbb\xbf%s\n",
		"zero bytes":                "\x00\x00\x00%s\n",
		"CRI":                       cri + "F %s\n",
		"CRI with an offset":        "2016-10-06T09:17:09.66+09:00 stderr F %s\n",
		"CRI with further tags":     cri + "F:x %s\n",
		"CRI in parts":              cri + "P " + object[:half] + "\n" + cri + "P \n" + cri + "F " + object[half:] + "\n",
		"CRI of two streams":        cri + "P " + object[:half] + "\n2016-10-06T00:17:09Z stderr F {}\n" + cri + "F " + object[half:] + "\n",
		"syslog in CRI":             cri + "F <190>Nov  6 12:34:56 web nginx: %s\n",
		"Docker":                    docker(quoted + `\n`),
		"Docker with attributes":    `{"log":"` + quoted + `\n","stream":"stderr","attrs":{"tag":"a"},"time":"2016-10-06T00:17:09Z"}` + "\n",
		"Docker in parts":           docker(strings.ReplaceAll(object[:half], `"`, `\"`)) + docker(strings.ReplaceAll(object[half:], `"`, `\"`)+`\n`),
		"RFC 3164":                  "<190>Nov 16 12:34:56 web nginx: %s\n",
		"RFC 3164 without priority": "Nov  6 12:34:56 web nginx[17]: %s\n",
		"RFC 3164 with a year":      "<134>Nov  6 2024 12:34:56 web nginx: %s\n",
		"RFC 3164 without a host":   "<190>Nov 16 12:34:56 nginx: %s\n",
		"RFC 3164 without a tag":    "Nov 16 12:34:56 web %s\n",
		"RFC 3164 without a time":   "<190>nginx: %s\n",
		"rsyslog":                   "2024-11-16T12:34:56.789012+09:00 web nginx[17]: %s\n",
		"JSON in syslog":            "<190>Nov 16 12:34:56 web nginx: @cee: %s\n",
		"RFC 5424":                  "<165>1 2003-10-11T22:14:15.003Z web nginx 17 ID47 - %s\n",
		"RFC 5424 with a mark":      "<165>1 2003-10-11T22:14:15.003Z web nginx 17 ID47 - \xef\xbb\xbf%s\n",
		"RFC 5424 with data":        `<165>1 - web nginx - - [a@1 k="\"]"][b@1 x="[1]"] %s` + "\n",
		"time of kubectl":           "2016-10-06T00:17:09.669794202Z %s\n",
	} {
		t.Run(name, func(t *testing.T) {
			line = strings.ReplaceAll(line, "%s", object)
			recorder, reader := newReader(t, nil)
			result, err := reader.ReadJSON(strings.NewReader(line))
			if err != nil || result.Events != 1 || result.Unreadable != 0 || result.Rest != 0 || result.Offset != int64(len(line)) {
				t.Errorf("%q: got %v, %v, want one event", line, result, err)
			}
			checkCounts(t, recorder, map[string]sli.Counts{"latency": {Good: 1, Valid: 1}})
		})
	}
}

// TestEnvelopesOfAccessLogs reads one line of the combined format in each
// envelope that has a tag or a time.
func TestEnvelopesOfAccessLogs(t *testing.T) {
	for _, line := range []string{
		"<190>Nov 16 12:34:56 web nginx: %s\n",
		"<190>%s\n",
		"Nov 16 12:34:56 web nginx: %s\n",
		"Nov 16 12:34:56 web %s\n",
		"2024-11-16T12:34:56.789012+09:00 web nginx: %s\n",
		"2016-10-06T00:17:09.669794202Z %s\n",
		"<165>1 2003-10-11T22:14:15.003Z web nginx 17 - [a@1 k=\"v\"] %s\n",
		"2016-10-06T00:17:09.669794202Z stdout F %s\n",
		`{"log":"` + strings.ReplaceAll(access, `"`, `\"`) + `\n","stream":"stdout","time":"2016-10-06T00:17:09Z"}` + "\n",
		"\xef\xbb\xbf%s\n",
	} {
		line = strings.ReplaceAll(line, "%s", access)
		recorder, reader := newReader(t, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
		result, err := reader.ReadCombined(strings.NewReader(line))
		if err != nil || result.Events != 1 || result.Unreadable != 0 {
			t.Errorf("%q: got %v, %v, want one event", line, result, err)
		}
		checkCounts(t, recorder, map[string]sli.Counts{"latency": {Good: 1, Valid: 1}})
	}
}

// TestNoEnvelope checks texts that only look like an envelope: they are
// unreadable, never another line.
func TestNoEnvelope(t *testing.T) {
	for _, line := range []string{
		object + " x",
		object + "}",
		object + ",",
		object + "]",
		object + "\x00",
		object + object,
		"2016-10-06T00:17:09Z stdout X " + object,
		"2016-10-06T00:17:09Z stdin F " + object,
		"yesterday stdout F " + object,
		"<1900>Nov 16 12:34:56 web nginx: " + object + "x",
		`<165>1 - web nginx - - [a@1 k="v ` + object,
		`{"log":"plain text\n","stream":"stdout","time":"2016-10-06T00:17:09Z"}`,
		"web nginx: " + object,
		"\xff\xfe{\x00",
	} {
		_, reader := newReader(t, nil)
		result, err := reader.ReadJSON(strings.NewReader(line + "\n"))
		checkResult(t, result, err, slilog.Result{Lines: 1, Unreadable: 1})
		if len(result.Samples) == 1 && (result.Samples[0].Line != 1 || result.Samples[0].Reason == "") {
			t.Errorf("%q: got the sample %+v", line, result.Samples[0])
		}
	}
}

// TestApplicationFieldsNamedLog checks that lines with a field log of their own
// are not taken for Docker's.
func TestApplicationFieldsNamedLog(t *testing.T) {
	_, reader := newReader(t, nil)
	result, err := reader.ReadJSON(strings.NewReader(`{"log":"a","stream":"video","time":"2016-10-06T00:17:09Z"}
{"log":"a","stream":"stdout","time":"2016-10-06T00:17:09Z","level":"INFO"}
{"log":"a","stream":"stdout"}
`))
	checkResult(t, result, err, slilog.Result{Lines: 3, Others: 3})
}

// TestStream reads one stream of a container.
func TestStream(t *testing.T) {
	_, reader := newReader(t, &slilog.Options{Stream: "stdout"})
	result, err := reader.ReadJSON(strings.NewReader(`2016-10-06T00:17:09Z stderr P an error
2016-10-06T00:17:09Z stdout F ` + object + `
2016-10-06T00:17:09Z stderr F  of the server
` + object + "\n"))
	checkResult(t, result, err, slilog.Result{Lines: 3, Events: 2, Others: 1})
}

// TestUnfinishedLines checks the offset from which reading must go on, and that
// reading from there counts each line once.
func TestUnfinishedLines(t *testing.T) {
	const cri = "2016-10-06T00:17:09Z stdout "
	first := cri + "F " + object + "\n"
	part := cri + "P " + object[:20] + "\n"
	other := "2016-10-06T00:17:09Z stderr F " + object + "\n"
	end := cri + "F " + object[20:] + "\n"
	text := first + part + other + other + end + first
	for cut := range len(text) + 1 {
		recorder, reader := newReader(t, nil)
		before, err := reader.ReadJSON(strings.NewReader(text[:cut]))
		if err != nil || before.Offset+before.Rest != int64(cut) {
			t.Fatalf("cut at %d: got %v, %v", cut, before, err)
		}
		if counts, _ := recorder.Counts("availability"); counts.Valid != before.Events {
			t.Fatalf("cut at %d: %d events are recorded, want %d", cut, counts.Valid, before.Events)
		}
		if inParts := cut > len(first) && cut < len(text)-len(first); inParts && before.Offset != int64(len(first)) {
			t.Fatalf("cut at %d: got %v, want the offset of the first part, %d", cut, before, len(first))
		}
		after, err := reader.ReadJSON(strings.NewReader(text[before.Offset:]))
		if err != nil || before.Events+after.Events != 5 || before.Unreadable+after.Unreadable != 0 {
			t.Fatalf("cut at %d: got %v, then %v, %v, want 5 events", cut, before, after, err)
		}
	}
}

// TestHalfLineIsNoEvent cuts a line at the end of a file within its duration.
func TestHalfLineIsNoEvent(t *testing.T) {
	whole := strings.Replace(access, "0.050", "10.250", 1) + "\n"
	for cut := 1; cut < len(whole); cut++ {
		recorder, reader := newReader(t, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
		result, err := reader.ReadCombined(strings.NewReader(whole[:cut]))
		if err != nil || result.Lines != 0 || result.Offset != 0 || result.Rest != int64(cut) {
			t.Fatalf("%q: got %v, %v, want no line", whole[:cut], result, err)
		}
		result, err = reader.ReadCombined(strings.NewReader(whole[result.Offset:]))
		if err != nil || result.Events != 1 || result.Offset != int64(len(whole)) {
			t.Fatalf("got %v, %v, want one event", result, err)
		}
		checkCounts(t, recorder, map[string]sli.Counts{"latency": {Good: 0, Valid: 1}})
	}
}

// TestPartsThatNeverEnd checks that a line whose last part is missing holds up
// a bounded number of lines, and is counted once.
func TestPartsThatNeverEnd(t *testing.T) {
	var text strings.Builder
	text.WriteString("2016-10-06T00:17:09Z stdout P {\n")
	line := "2016-10-06T00:17:09Z stderr F " + object + strings.Repeat(" ", 64<<10) + "\n"
	for range 200 {
		text.WriteString(line)
	}
	text.WriteString("2016-10-06T00:17:09Z stdout P x\n2016-10-06T00:17:09Z stdout F x\n")
	_, reader := newReader(t, nil)
	result, err := reader.ReadJSON(strings.NewReader(text.String()))
	checkResult(t, result, err, slilog.Result{Lines: 201, Events: 200, Unreadable: 1})
	if want := "the line's last part is missing"; result.Samples[0].Reason != want {
		t.Errorf("got %v, want the reason %q", result, want)
	}
	if result.Rest != 0 {
		t.Errorf("got %v, want no rest", result)
	}
}

// TestLongLineInParts checks that the parts of a line are bounded as well.
func TestLongLineInParts(t *testing.T) {
	var text strings.Builder
	for range 200 {
		fmt.Fprintf(&text, "2016-10-06T00:17:09Z stdout P %s\n", strings.Repeat("x", 16<<10))
	}
	text.WriteString("2016-10-06T00:17:09Z stdout F x\n2016-10-06T00:17:09Z stdout F " + object + "\n")
	_, reader := newReader(t, nil)
	result, err := reader.ReadJSON(strings.NewReader(text.String()))
	checkResult(t, result, err, slilog.Result{Lines: 2, Events: 1, Unreadable: 1})
}

// FuzzEnvelope checks that reading a text in two steps counts what reading it
// at once counts.
func FuzzEnvelope(f *testing.F) {
	f.Add("2016-10-06T00:17:09Z stdout P {\n2016-10-06T00:17:09Z stdout F }\n", 40)
	f.Add(`{"log":"{}\n","stream":"stdout","time":"2016-10-06T00:17:09Z"}`+"\n", 10)
	f.Add("<165>1 - web nginx - - [a@1 k=\"v\"] "+object+"\n", 5)
	f.Add("Nov 16 12:34:56 web nginx: "+object+"\n"+object, 9)
	f.Add("2016-10-06T00:17:09Z stdout P {\n2016-10-06T00:17:09Z stderr F {}\n2016-10-06T00:17:09Z stdout F }\n", 70)
	_, reader := newReader(f, nil)
	f.Fuzz(func(t *testing.T, text string, cut int) {
		cut = max(0, min(cut, len(text)))
		whole, err := reader.ReadJSON(strings.NewReader(text))
		if err != nil || whole.Lines != whole.Events+whole.Others+whole.Unreadable || whole.Offset+whole.Rest != int64(len(text)) {
			t.Fatalf("got %v, %v", whole, err)
		}
		first, _ := reader.ReadJSON(strings.NewReader(text[:cut]))
		second, _ := reader.ReadJSON(strings.NewReader(text[first.Offset:]))
		if first.Lines+second.Lines != whole.Lines || first.Events+second.Events != whole.Events || first.Offset+second.Offset != whole.Offset {
			t.Fatalf("in two steps %v and %v, at once %v", first, second, whole)
		}
	})
}
