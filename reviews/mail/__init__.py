"""Rendering and sending of messages; what they say is in templates/mail/."""
