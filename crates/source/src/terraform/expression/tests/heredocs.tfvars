  a = <<-EOT
      one

        two
    EOT
  b = <<-EOT
      one
    %{ if true }
      yes
    %{ endif }
      x
    EOT
  c = <<-EOT
    ${1+1} x
      y
  EOT
  d = <<-EOT
      ${1+1} x
${2}
      y
  EOT
  e = <<EOT
  a
 b
EOT
  f = <<-EOT
		a
	  b
	EOT
  g = <<-EOT
    %{ for x in ["a","b"] ~}
    v ${x}
    %{ endfor ~}
    z
  EOT
  h = <<EOT
a\nb $${x} "q"
EOT
  i = <<EOT
EOT
  j = <<-EOT
    %{~ if true ~}
      in
    %{~ else ~}
      out
    %{~ endif ~}
    end
  EOT
  k = [<<A
x
A
    , "y"]
  l = <<-EOT
      one
  
      two
    EOT
  m = <<-EOT
    a ${
      "b"
    } c
      d
  EOT
