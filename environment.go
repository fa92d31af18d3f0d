package sligo

import (
	"net"
	"strconv"
	"strings"

	"github.com/sligo-go/sligo/sli"
)

const (
	envPromHost       = "OTEL_EXPORTER_PROMETHEUS_HOST"
	envPromPort       = "OTEL_EXPORTER_PROMETHEUS_PORT"
	envServiceName    = "OTEL_SERVICE_NAME"
	envTracesExporter = "OTEL_TRACES_EXPORTER"
	envTracesSampler  = "OTEL_TRACES_SAMPLER"
	envSamplerArg     = "OTEL_TRACES_SAMPLER_ARG"
	envDisabled       = "OTEL_SDK_DISABLED"
	envKubernetes     = "KUBERNETES_SERVICE_HOST"
)

// environment reads variables. As in OpenTelemetry's specification, an empty
// one counts as absent.
type environment func(name string) (value string, ok bool)

// get returns a variable without the space around it, or "".
func (e environment) get(name string) string {
	value, _ := e(name)
	return strings.TrimSpace(value)
}

// admin returns the address of the admin listener and its source. The variables
// override the option, each its own part.
func (e environment) admin(option string, errs *sli.FieldErrors) setting {
	s := configured("metrics", option, defaultAdmin)
	if option == noAdmin {
		return s
	}
	host, port, err := net.SplitHostPort(s.value)
	if err != nil {
		errs.Addf("Options.Admin", `invalid address %q: want "host:port", ":port" or %q`, option, noAdmin)
		s = configured("metrics", "", defaultAdmin)
		host, port, _ = net.SplitHostPort(defaultAdmin)
	}
	var from []string
	if value := e.get(envPromHost); value != "" {
		if bare := strings.Trim(value, "[]"); strings.ContainsAny(bare, "/ \t") || strings.Count(bare, ":") == 1 {
			errs.Addf(envPromHost, "invalid host %q: want a name or an address without a port", value)
		} else {
			host, from = bare, append(from, envPromHost)
		}
	}
	if value := e.get(envPromPort); value != "" {
		if _, err := strconv.ParseUint(value, 10, 16); err != nil {
			errs.Addf(envPromPort, "invalid port %q: want an integer from 0 to 65535", value)
		} else {
			port, from = value, append(from, envPromPort)
		}
	}
	if from != nil {
		s.source = "env " + strings.Join(from, ", ")
	}
	s.value = net.JoinHostPort(host, port)
	return s
}

// warnings returns advice about an environment that fits the service badly.
func (e environment) warnings(service, admin string) []string {
	var all []string
	if name := e.get(envServiceName); name != "" && name != service {
		all = append(all, envServiceName+" renames the service to "+strconv.Quote(name)+" on traces only: metrics, rules and log lines keep "+strconv.Quote(service))
	}
	if host, _, err := net.SplitHostPort(admin); err == nil && e.get(envKubernetes) != "" && isLoopback(host) {
		all = append(all, "nobody outside of the pod can scrape "+admin+": set Options.Admin or "+envPromHost+", for example to 0.0.0.0")
	}
	return all
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
