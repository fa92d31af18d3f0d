module github.com/sligo-go/sligo/cmd/sligo

go 1.25.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/sligo-go/sligo v0.1.0
	github.com/spf13/cobra v1.10.2
	golang.org/x/tools v0.48.0
)

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/spf13/pflag v1.0.9 // indirect
	go.yaml.in/yaml/v4 v4.0.0 // indirect
)

replace github.com/sligo-go/sligo => ../..
