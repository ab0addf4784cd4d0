# Turns rules/ and profiles/ into tables inside the binary.
function(preflint_embed target)
endfunction()
