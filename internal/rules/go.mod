module github.com/sligo-go/sligo/internal/rules

go 1.25.0

require github.com/google/go-cmp v0.7.0
