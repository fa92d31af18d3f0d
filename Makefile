.PHONY: check bench bench-each golden

# Each module is built as its users see it.
export GOWORK = off

check: # everything that a change must pass
	.ci/run

bench: # compare with other libraries, and mark the goals that are missed
	go -C benchmarks run ./table

bench-each: # measure each package; compare figures of one run only
	go test -run '^$$' -bench . -benchmem ./...
	if [ -d benchmarks ]; then go -C benchmarks test -run '^$$' -bench . -benchmem ./...; fi

golden: # write anew what tests compare with
	go -C internal/rules test . -run TestAPI -update
	go test ./logging -run TestCanaryLines -update
