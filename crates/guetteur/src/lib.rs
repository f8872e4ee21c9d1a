//! The binary: command line, configuration, scheduler, progress
