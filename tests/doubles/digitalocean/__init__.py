"""What stands in for DigitalOcean: a stateful double that holds every request and answer against the cloud's own description."""
