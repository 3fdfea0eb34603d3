"""What stands in for AWS: moto holds the state, and a strict proxy in front of it holds AWS's rules."""
