"""What would happen: complaints played through a procedure by made-up or real staff, before anybody is bound by it."""
