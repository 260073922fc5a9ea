"""Written procedures as data: their sources, the compiler that turns them to JSON, and the loader the desk runs on."""
