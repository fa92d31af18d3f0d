module github.com/sligo-go/sligo

go 1.25.0
