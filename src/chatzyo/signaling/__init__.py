"""What a visitor may do and what follows from it. Pure: events in, commands out."""
