call preflint#ale#define('toml')
