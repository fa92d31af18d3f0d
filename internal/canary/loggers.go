package canary

import (
	"fmt"
	"log/slog"
	"strings"
)

// groups returns attributes in groups.
func groups() map[string]call {
	return map[string]call{
		"N18":  info(slog.Group("auth", "password", pw)),
		"N19":  info("auth", []slog.Attr{slog.String("password", pw)}),
		"N20":  info(slog.Group("credentials", "value", pw)),
		"N30":  info(slog.Group("additional_info", "endpoint", "/x", slog.Group("h", "authorization", pw))),
		"SG01": info(slog.Group("secrets", slog.Group("db", slog.String("host", pw)))),
		"SG04": info(slog.Group("", slog.String("password", pw))),
		"OI01": info(slog.Group("tokens", "input", 812, "output", 44)),
		"YV05": info(slog.Group("auth", "method", "oidc-7")),
	}
}

// loggers returns calls of loggers with bound groups and attributes, and a call
// after a panic.
func loggers() map[string]call {
	const stripe = "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"
	return map[string]call{
		"N21": func(l *slog.Logger) { l.WithGroup("credentials").Info("m", "value", pw) },
		"N22": func(l *slog.Logger) { l.With("password", pw).Info("m") },
		"N23": func(l *slog.Logger) { l.WithGroup("db").With("password", pw).Info("m", "a", 1) },
		"N25": func(l *slog.Logger) { l.WithGroup(stripe).Info("m", "a", 1) },
		"SG02": func(l *slog.Logger) {
			l.WithGroup("clientSecret").WithGroup("x").Info("m", "v", map[string]string{"a": pw})
		},
		"E07": func(l *slog.Logger) {
			defer func() { l.Error("panic", slog.Any("panic", recover())) }()
			panic(fmt.Sprintf("token=%s invalid", pw))
		},
	}
}

// slogValues returns slog's values within other values.
func slogValues() map[string]call {
	return map[string]call{
		"SV39": v(map[string]any{"v": slog.StringValue("token=" + pw)}),
		"SV40": v(map[string]any{"v": slog.GroupValue(slog.String("password", pw))}),
		"SV41": v([]any{slog.String("password", pw)}),
		"SV42": v(map[string]any{"x": []slog.Attr{slog.String("secret", pw)}}),
	}
}

// large returns texts that are long or not UTF-8.
func large() map[string]call {
	return map[string]call{
		"X03": info("body", strings.Repeat("x ", 1<<19)+"password="+pw),
		"X04": info("body", `{"pad":"`+strings.Repeat("x", 1<<20)+`","password":"`+pw+`"}`),
		"X05": info("body", "\xff\xfe{\"a\":\"\xc3\x28\",\"password\":\""+pw+"\"}"),
	}
}
