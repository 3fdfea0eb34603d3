"""What moto does not implement and the project needs, added to moto's own classes so that its reset and its tagging see it."""
