call preflint#ale#define('python')
