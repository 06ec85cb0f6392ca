use super::truth;
