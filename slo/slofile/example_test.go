package slofile_test

import (
	"encoding/json"
	"fmt"
	"testing/fstest"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

const profile = `version: sligo/v1
service: users
matchers: ['env="prod"']
indicators:
  - name: availability
    requests: ["GET /users/{userid}"]
    good: {status: [2xx, 3xx, 4xx]} # 5xx excluded
  - name: latency
    requests: ["GET /users/{userid}"]
    valid: {status: [2xx, 3xx, 4xx]}
    good: {within: 100ms}
objectives:
  - indicator: availability
    target: 99.95
    window: 30d
  - indicator: latency
    target: 90
    window: 30d
environments:
  staging:
    matchers: ['env="staging"']
    objectives:
      availability: {target: 99}
`

// The staging environment promises less and has other series.
func ExampleLoad() {
	files := fstest.MapFS{"slo.yaml": {Data: []byte(profile)}}
	for _, environment := range []string{"", "staging"} {
		f, err := slofile.Load("slo.yaml", &slofile.Options{FS: files, Environment: environment})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(f.Objectives[0], f.Matchers)
		fmt.Println(f.Objectives[1], f.Matchers)
	}
	// Output:
	// users/availability: 99.95% over 30d [env="prod"]
	// users/latency: 90% over 30d [env="prod"]
	// users/availability: 99% over 30d [env="staging"]
	// users/latency: 90% over 30d [env="staging"]
}

func ExampleParse() {
	_, err := slofile.Parse("slo.yaml", []byte(`version: sligo/v1
service: users
indicators:
  - name: latency
    good: {within: 100}
objectives:
  - indicator: latncy
    targte: 90
    window: 30d
  - indicator: latency
    target: 0.999
    window: 30 days
`), nil)
	fmt.Println(err)
	// Output:
	// slo.yaml:5:20: indicators[0].good.within: "100" has no unit; did you mean 100ms, 100s or 100m?
	// slo.yaml:7:16: objectives[0].indicator: unknown indicator "latncy"; did you mean latency?
	// slo.yaml:8:5: objectives[0].targte: unknown field; did you mean target?
	// slo.yaml:11:13: objectives[1].target: "0.999" is 0.999%; did you mean 99.9%?
	// slo.yaml:12:13: objectives[1].window: invalid window "30 days"; did you mean 30d?
}

// The program sets a function that no file can hold, and the mistake of a tool
// gets its place in the file.
func ExampleFile_Locate() {
	f, err := slofile.Parse("slo.yaml", []byte(profile), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	var errs sli.FieldErrors
	errs.Addf("objectives[1].Indicator.Good.Within", "no bucket ends at 100ms")
	errs.Addf("objectives[0].Target", "the traffic of a week cannot carry 99.95%%")
	fmt.Println(f.Locate(errs.Err()))
	// Output:
	// slo.yaml:11:20: indicators[1].good.within: no bucket ends at 100ms
	// slo.yaml:14:13: objectives[0].target: the traffic of a week cannot carry 99.95%
}

func ExampleFile_Marshal() {
	f := slofile.File{
		Objectives: []slo.Objective{{
			Indicator: sli.Indicator{Service: "users", Name: "availability", Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}},
			Target:    slo.MustParseTarget("99.95%"),
			Window:    slo.MustParseWindow("30d"),
			Owner:     "users-team",
		}},
		Matchers: []string{`env="prod"`},
	}
	text, err := f.Marshal()
	fmt.Print(string(text))
	fmt.Println(err)

	f.Objectives[0].Indicator.Good.Func = func(sli.Event) bool { return true }
	_, err = f.Marshal()
	fmt.Println(err)
	// Output:
	// version: sligo/v1
	// service: users
	// matchers: [env="prod"]
	//
	// indicators:
	//   - name: availability
	//     good:
	//       status: [2xx, 3xx, 4xx]
	//
	// objectives:
	//   - indicator: availability
	//     target: 99.95%
	//     window: 30d
	//     owner: users-team
	// <nil>
	// Objectives[0].Indicator.Good.Func: a file cannot hold a function
}

func ExampleFormat() {
	text, err := slofile.Format("slo.yaml", []byte(`version:   sligo/v1
service:   users
indicators:
- {name: availability}   # all requests
objectives:
# The promise to everybody.
- indicator:  availability
  target:     99.95
  window:     30d
`))
	fmt.Print(string(text))
	fmt.Println(err)
	// Output:
	// version: sligo/v1
	// service: users
	//
	// indicators:
	//   - {name: availability} # all requests
	//
	// objectives:
	//   # The promise to everybody.
	//   - indicator: availability
	//     target: 99.95
	//     window: 30d
	// <nil>
}

// A tool takes a target as a file has it, and asks back if the text may mean
// something else.
func ExampleParsePercentage() {
	for _, text := range []string{"99.95", "99.95%", "0.9995", "99,95"} {
		target, err := slofile.ParsePercentage(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(target)
	}
	// Output:
	// 99.95%
	// 99.95%
	// "0.9995" is 0.9995%; did you mean 99.95%?
	// invalid percentage "99,95"; did you mean 99.95%?
}

// An editor that knows the schema completes keys and marks mistakes. With
// yaml-language-server, a comment at the top of the file names its address.
func ExampleSchema() {
	var schema struct {
		Title    string
		ID       string `json:"$id"`
		Required []string
	}
	fmt.Println(json.Unmarshal(slofile.Schema(), &schema))
	fmt.Println(schema.Title)
	fmt.Println("# yaml-language-server: $schema=" + schema.ID)
	fmt.Println(schema.Required)
	// Output:
	// <nil>
	// Service level objectives (sligo/v1)
	// # yaml-language-server: $schema=https://raw.githubusercontent.com/sligo-go/sligo/main/docs/slo.schema.json
	// [version objectives]
}
