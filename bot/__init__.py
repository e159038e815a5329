"""The bot: adapters for Discord, Slack and the web, strangers to one another."""
