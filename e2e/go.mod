module github.com/sligo-go/sligo/e2e

go 1.25.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.1
	github.com/sligo-go/sligo v0.0.0
)

require golang.org/x/text v0.40.0 // indirect

replace github.com/sligo-go/sligo => ../
