// Side wall of a cell whose block leans out to the bath: block, board, steel shell; one layer of wedges. Millimetres.
// gmsh -3 sloped-wall.geo -format msh41 -o sloped-wall.msh
height = 500; toe = 120; block = 100; board = 30; shell = 12; depth = 100;
fine = 6; coarse = 20;
Point(1) = {-toe, 0, 0, coarse};
Point(2) = {block, 0, 0, 2 * fine};
Point(3) = {block, height, 0, 2 * fine};
Point(4) = {0, height, 0, coarse};
Point(5) = {block + board, 0, 0, fine};
Point(6) = {block + board, height, 0, fine};
Point(7) = {block + board + shell, 0, 0, fine};
Point(8) = {block + board + shell, height, 0, fine};
Line(1) = {1, 2};
Line(2) = {2, 3};
Line(3) = {3, 4};
Line(4) = {4, 1};   // towards the bath
Line(5) = {2, 5};
Line(6) = {5, 6};
Line(7) = {6, 3};
Line(8) = {5, 7};
Line(9) = {7, 8};   // towards the air
Line(10) = {8, 6};
Curve Loop(1) = {1, 2, 3, 4};
Curve Loop(2) = {5, 6, 7, -2};
Curve Loop(3) = {8, 9, 10, -6};
Plane Surface(1) = {1};
Plane Surface(2) = {2};
Plane Surface(3) = {3};
b[] = Extrude {0, 0, depth} { Surface{1}; Layers{1}; Recombine; };
i[] = Extrude {0, 0, depth} { Surface{2}; Layers{1}; Recombine; };
s[] = Extrude {0, 0, depth} { Surface{3}; Layers{1}; Recombine; };
// Of each extrusion: 0 the top, 1 the volume, then the sides in the order of the loop.
Physical Volume("block") = {b[1]};
Physical Volume("board") = {i[1]};
Physical Volume("shell") = {s[1]};
Physical Surface("bath_side") = {b[5]};
Physical Surface("outside") = {s[3]};
Physical Surface("cuts") = {1, 2, 3, b[0], i[0], s[0], b[2], b[4], i[2], i[4], s[2], s[4]};
