// Package rules tests the generated Prometheus rules with Prometheus' own
// engine, rule groups and alerting state machine. Package lab simulates the
// traffic and knows the truth of every minute. The program in folder table
// compares the rules with other tools' rules:
//
//	go run ./table
//
// It is a module of its own, because Prometheus requires a newer Go than the
// library. The tests need the programs of install.sh and of Debian's packages
// prometheus and prometheus-alertmanager.
package rules
