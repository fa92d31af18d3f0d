module github.com/sligo-go/sligo

go 1.25.0

require github.com/google/go-cmp v0.6.0 // indirect
