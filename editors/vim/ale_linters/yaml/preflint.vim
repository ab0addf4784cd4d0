call preflint#ale#define('yaml')
