"""The Slack adapter against the fake Slack, with the real slack_bolt."""
