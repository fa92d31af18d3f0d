package text

import "strings"

// hooks are addresses whose path is a credential.
var hooks = [...]string{
	"hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/", "discord.com/api/webhooks/",
	"discordapp.com/api/webhooks/", "webhook.office.com/", "outlook.office.com/webhook/", "api.telegram.org/bot",
	"chat.googleapis.com/v1/spaces/", "hooks.zapier.com/hooks/catch/", "maker.ifttt.com/trigger/",
}

var hookBytes = chars("0-9A-Za-z_+/=.~@:%?&-")

// webhooks finds the paths of webhooks.
func webhooks(sc *scan) {
	s := sc.s
	if !strings.Contains(s, "://") {
		return
	}
	for _, hook := range hooks {
		for i := 0; ; {
			k := strings.Index(s[i:], hook)
			if k < 0 {
				break
			}
			start := i + k + len(hook)
			i = hookBytes.skip(s, start)
			sc.add(start, i)
		}
	}
}
