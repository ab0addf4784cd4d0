call preflint#ale#define('requirements')
