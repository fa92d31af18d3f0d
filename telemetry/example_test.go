package telemetry_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/sligo-go/sligo/telemetry"
)

func ExampleCounts() {
	c := telemetry.Counts{Done: 96, Queued: 1, Dropped: 2, Failed: 1}
	fmt.Println(c.Accepted(), c.Lost())
	fmt.Println(c)
	data, err := json.Marshal(c)
	fmt.Println(string(data), err)
	// Output:
	// 100 3
	// 100 accepted: 96 done, 1 queued, 2 dropped, 1 failed
	// {"accepted":100,"done":96,"queued":1,"dropped":2,"failed":1} <nil>
}

func ExampleLossError() {
	err := error(&telemetry.LossError{
		Name: "audit", Items: "lines",
		Counts: telemetry.Counts{Done: 97, Failed: 3}, Err: io.ErrShortWrite,
	})
	var loss *telemetry.LossError
	if errors.As(err, &loss) {
		fmt.Println(loss.Counts.Lost(), "of", loss.Counts.Accepted())
	}
	fmt.Println(err)
	// Output:
	// 3 of 100
	// telemetry: audit: 3 of 100 lines lost (0 dropped, 3 failed): short write
}
