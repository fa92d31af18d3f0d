module github.com/sligo-go/sligo/e2e

go 1.25.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/sligo-go/sligo v0.0.0
)

replace github.com/sligo-go/sligo => ../
