"""Which incident an event belongs to: events in, incident versions out."""
