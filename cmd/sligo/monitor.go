package main

import (
	"bytes"
	"maps"
	"time"

	"github.com/spf13/cobra"

	"github.com/sligo-go/sligo/slo/promrules"
)

// serviceLabel is the label that Kubernetes recommends for the name of an
// application.
const serviceLabel = "app.kubernetes.io/name"

func (p *program) monitorCommand() *cobra.Command {
	m := new(promrules.Monitor)
	g := &generator{program: p, noun: "monitor", suffix: ".monitor.yaml"}
	g.render = func(u unit) ([]byte, error) { return renderMonitors(*m, u) }
	cmd := g.command(&cobra.Command{
		Use:   "monitor FILE…",
		Short: "Make the monitors by which the Prometheus Operator finds services",
		Example: examples(
			"sligo generate monitor slo.yaml",
			"sligo generate monitor slo.yaml --pods --port http-metrics --label release=prometheus",
			"sligo generate monitor slo.yaml --selector app=users | kubectl apply -f -",
		),
		Long: `Each service has a ServiceMonitor, or a PodMonitor with --pods. Without
--selector it selects by the label ` + serviceLabel + ` with the service's name.`,
	})
	flags := cmd.Flags()
	flags.StringVar(&m.Name, "name", "", "name of the monitor, if there is one service (default the service)")
	flags.StringVar(&m.Namespace, "namespace", "", "namespace of the monitors")
	flags.StringToStringVar(&m.Labels, "label", nil, "label of the monitors, such as release=prometheus")
	flags.StringToStringVar(&m.Selector, "selector", nil, "label of the services or pods, such as app=users")
	flags.StringVar(&m.Port, "port", "metrics", "name of the port of the metrics")
	flags.StringVar(&m.Path, "path", "/metrics", "path of the metrics")
	flags.DurationVar(&m.Interval, "scrape-interval", 30*time.Second, "time between two scrapes")
	flags.BoolVar(&m.Pods, "pods", false, "select pods instead of services")
	return cmd
}

// renderMonitors returns a document of YAML for each service.
func renderMonitors(m promrules.Monitor, u unit) ([]byte, error) {
	services := u.services()
	if len(services) > 1 && (m.Name != "" || len(m.Selector) > 0) {
		return nil, usageErrorf("--name and --selector are of one service, but there are %d", len(services))
	}
	var text bytes.Buffer
	for i, service := range services {
		if i > 0 {
			text.WriteString("---\n")
		}
		data, err := monitorOf(m, service).Operator()
		if err != nil {
			return nil, optionErrors(err)
		}
		text.Write(data)
	}
	return text.Bytes(), nil
}

// monitorOf fills in the defaults for a service.
func monitorOf(m promrules.Monitor, service string) promrules.Monitor {
	if m.Name == "" {
		m.Name = kubernetesName(service)
	}
	m.Selector = maps.Clone(m.Selector)
	if len(m.Selector) == 0 {
		m.Selector = map[string]string{serviceLabel: service}
	}
	return m
}
