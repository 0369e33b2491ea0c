"""What is put into the person's hands, or kept by whoever wrote: papers, made by the server, that any reader can read aloud."""
