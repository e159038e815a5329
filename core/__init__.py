"""What Limner is: records, rules and use cases, with no platform, web framework or queue in them."""
