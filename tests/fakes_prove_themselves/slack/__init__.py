"""The fake Slack, proved with the real slack_bolt and slack_sdk."""
