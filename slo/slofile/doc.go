// Package slofile reads and writes objectives as a YAML file: the form in which
// a team reviews its promises, and from which tools make rules, dashboards and
// documents. docs/file.md in the repository describes every key.
//
//	version: sligo/v1
//	service: users
//	indicators:
//	  - name: availability
//	    requests: ["GET /users/{userid}"]
//	    good: {status: [2xx, 3xx, 4xx]}
//	objectives:
//	  - indicator: availability
//	    target: 99.95
//	    window: 30d
//	    owner: users-team
//
// A [File] is the content for one environment: the objectives with their
// indicators, the error budget policy, matchers and exclusions. [Load] and
// [Parse] read a file, and [File.Marshal] writes one. [Format] brings the text
// of a file into the usual form and keeps its comments. [Schema] is the JSON
// Schema for editors.
//
// # Strictness
//
// A promise that is misread is worse than no promise. Every mistake is
// therefore an error. All of them are reported at once, each as an [Error] with
// its file, line, column and path:
//
//	slo.yaml:12:5: objectives[1].targte: unknown field; did you mean target?
//	slo.yaml:19:13: objectives[2].target: "0.999" is 0.999%; did you mean 99.9%?
//
// Keys are the names of the Go fields in lower case with underscores, as in
// the JSON form of the same values. An unknown key, a duplicate key, and a key
// without a value are errors. A target is a percentage, with or without its
// sign; every other share needs the sign, and every duration its unit. Where
// the file needs text, a plain number is the text as it is written (404, 1.10),
// but true or a date without quotes is an error. So are a zero and an empty
// list that would mean the default: "min_bad: 0" would be 4.
//
// # YAML
//
// A file is one YAML document in UTF-8, with or without a byte order mark, and
// with any line ends. Tabs in the indentation are errors. Anchors, aliases and
// merge keys work: a key of the mapping itself replaces a merged one, before or
// after it. Only the tags of plain values are allowed. A file has at most
// 1 MiB, texts of 4,096 bytes, a depth of 32, lists of 10,000 entries, and
// 100,000 keys and values after the expansion of its aliases.
//
// # Environments
//
// An entry of environments changes targets, windows, matchers and exclusions,
// each by its name. [Options] select one. The mistakes of all environments are
// errors.
//
// # Concurrency
//
// All functions are safe for concurrent use. A File is a value, and safe as
// long as nobody changes it. A condition's Func has no place in a file: the
// program sets it after reading, and Marshal refuses it.
package slofile
