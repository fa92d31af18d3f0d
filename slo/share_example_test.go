package slo_test

import (
	"fmt"

	"github.com/sligo-go/sligo/slo"
)

func ExampleParseShare() {
	share, err := slo.ParseShare("2%")
	fmt.Println(share, share.Decimal(), err)

	_, err = slo.ParseShare("20")
	fmt.Println(err)
	// Output:
	// 2% 0.02 <nil>
	// slo: share "20": is more than 1; a percentage needs its sign, "20%"
}
