"""Who is introduced to whom, and how long to be choosy. Pure: time is an argument."""
