package slo_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func ExampleParseTarget() {
	for _, text := range []string{"99.95%", "0.9995", "99.9", "100%"} {
		target, err := slo.ParseTarget(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(target, "leaves", target.BudgetDecimal())
	}
	// Output:
	// 99.95% leaves 0.0005
	// 99.95% leaves 0.0005
	// slo: invalid target "99.9": more than 1: want "99.9%" for a percentage
	// slo: invalid target "100%": 100% leaves no error budget
}

func ExampleMustParseTarget() {
	target := slo.MustParseTarget("99.9%")
	fmt.Println(target, target.Decimal(), target.BudgetDecimal())
	// Output: 99.9% 0.999 0.001
}

func ExampleTargetOf() {
	fmt.Println(slo.TargetOf(999_500_000))
	_, err := slo.TargetOf(1_000_000_000)
	fmt.Println(err)
	// Output:
	// 99.95% <nil>
	// slo: invalid target of 1000000000 parts per billion: want 1 to 999999999
}

func ExampleTarget_MarshalText() {
	text, err := json.Marshal(map[string]slo.Target{"availability": slo.MustParseTarget("0.9995")})
	fmt.Println(string(text), err)
	// Output: {"availability":"99.95%"} <nil>
}

func ExampleRolling() {
	fmt.Println(slo.Rolling(36 * time.Hour))
	_, err := slo.Rolling(5 * time.Minute)
	fmt.Println(err)
	// Output:
	// 1d12h <nil>
	// slo: invalid window of 5m0s: want at least an hour
}

func ExampleCalendar() {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		fmt.Println(err)
		return
	}
	window, err := slo.Calendar(slo.PeriodQuarter, seoul)
	if err != nil {
		fmt.Println(err)
		return
	}
	start, end := window.Bounds(time.Date(2024, time.November, 16, 12, 0, 0, 0, time.UTC))
	fmt.Println(window)
	fmt.Println(start)
	fmt.Println(end)
	// Output:
	// quarter Asia/Seoul
	// 2024-10-01 00:00:00 +0900 KST
	// 2025-01-01 00:00:00 +0900 KST
}

func ExampleParseWindow() {
	for _, text := range []string{"30d", "4w", "month Asia/Seoul", "400d", "month Local"} {
		window, err := slo.ParseWindow(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(window)
	}
	// Output:
	// 30d
	// 28d
	// month Asia/Seoul
	// slo: invalid window "400d": want at most 366 days
	// slo: invalid window "month Local": time zone "Local" differs by machine
}

func ExampleMustParseWindow() {
	window := slo.MustParseWindow("month Europe/Berlin")
	october := time.Date(2024, time.October, 16, 0, 0, 0, 0, time.UTC)
	fmt.Println(window.Length(october)) // clocks go back
	// Output: 745h0m0s
}

func ExampleValidate() {
	errors := sli.Indicator{
		Service: "users",
		Name:    "errors",
		Good:    sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
	err := slo.Validate([]slo.Objective{
		{Indicator: errors, Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d")},
		{Indicator: errors, Target: slo.MustParseTarget("99%")},
	})
	fmt.Println(err)
	// Output:
	// objectives[1].Window: required, such as "30d"
	// objectives[1].Name: duplicate ID "users/errors" of objectives[0]: want another name
}

func ExampleObjective_Validate() {
	err := slo.Objective{
		Indicator: sli.Indicator{Service: "users", Name: "latency", Good: sli.Condition{Within: -time.Second}},
		Target:    slo.MustParseTarget("90%"),
	}.Validate()
	fmt.Println(err)
	// Output:
	// Indicator.Good.Within: invalid duration -1s: want zero or more
	// Window: required, such as "30d"
}
