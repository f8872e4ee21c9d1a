//! SQLite and PostgreSQL behind one API: migrations, claims and leases
