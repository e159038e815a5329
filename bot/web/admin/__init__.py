"""REST for whoever runs Limner: limits, people and money, under an admin token."""

from bot.web.admin.routes import routes

__all__ = ["routes"]
