call preflint#ale#define('sh')
