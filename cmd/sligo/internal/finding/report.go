package finding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
)

// Format is a format of reports.
type Format string

const (
	// Text is for people: a line for each finding.
	Text Format = "text"
	// JSON is for programs: one object.
	JSON Format = "json"
	// GitHub is for a step of GitHub Actions, which shows each finding at its
	// line of the change.
	GitHub Format = "github"
)

// Report is the answer of a command that judges files.
type Report struct {
	// OK is the answer.
	OK bool
	// Files and Objectives are the numbers of those that were judged. Objectives
	// is zero if the command does not read any.
	Files, Objectives int
	// Findings are the reasons if the answer is no.
	Findings []Finding
	// Advice has recommendations, which do not change the answer.
	Advice []Finding
	// Verdict is the answer in words. Formats for people leave out an empty one.
	Verdict string
}

// Encode returns the report in a format, which ends with a line break unless it
// is empty.
func (r Report) Encode(format Format) ([]byte, error) {
	if format == JSON {
		return r.json()
	}
	var text bytes.Buffer
	for _, f := range r.Findings {
		text.WriteString(f.encode(format, "error") + "\n")
	}
	for _, f := range r.Advice {
		f.Message = "advice: " + f.Message
		text.WriteString(f.encode(format, "notice") + "\n")
	}
	if r.Verdict != "" {
		text.WriteString(r.Verdict + "\n")
	}
	return text.Bytes(), nil
}

// encode returns the finding as a line, or for GitHub as an annotation.
func (f Finding) encode(format Format, annotation string) string {
	if format == GitHub {
		return f.annotation(annotation)
	}
	return f.String()
}

// json returns the report as an object. Its version changes if a program that
// reads it would have to.
func (r Report) json() ([]byte, error) {
	findings := r.Findings
	if findings == nil {
		findings = []Finding{}
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(struct {
		Version    int       `json:"version"`
		OK         bool      `json:"ok"`
		Files      int       `json:"files"`
		Objectives int       `json:"objectives,omitempty"`
		Findings   []Finding `json:"findings"`
		Advice     []Finding `json:"advice,omitempty"`
		Verdict    string    `json:"verdict,omitempty"`
	}{1, r.OK, r.Files, r.Objectives, findings, r.Advice, r.Verdict})
	return text.Bytes(), err
}

// annotation returns the finding as a workflow command of GitHub Actions, such
// as the command error: "::error file=slo.yaml,line=12,col=5::message".
//
// Source: actions/toolkit, packages/core/src/command.ts.
func (f Finding) annotation(command string) string {
	if f.File == "" || f.File == Stdin {
		return "::" + command + "::" + data.Replace(f.String())
	}
	place := "file=" + property.Replace(filepath.ToSlash(f.File))
	if f.Line > 0 {
		place += fmt.Sprintf(",line=%d", f.Line)
	}
	if f.Column > 0 {
		place += fmt.Sprintf(",col=%d", f.Column)
	}
	return "::" + command + " " + place + "::" + data.Replace(f.text())
}

// Stdin is the name of the standard input in findings. It is not a file of a
// change, so an annotation has it in the message.
const Stdin = "<stdin>"

// The characters that end a message or a property of a workflow command.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
